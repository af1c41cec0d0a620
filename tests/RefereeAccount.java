import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import software.amazon.awssdk.auth.credentials.AwsCredentialsProviderChain;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.profiles.ProfileFile;

/** The third target, a real AWS account: only when the environment variable says so, and only cases that change nothing. */
final class RefereeAccount {
    static final String VARIABLE = "ETCD_OPS_REFEREE";

    private RefereeAccount() {
    }

    /** The cases that run on the account. All others count as not run on a real account. */
    static List<RefereeCase> sent(List<RefereeCase> all, Map<String, String> environment) {
        return "aws".equals(environment.get(VARIABLE)) ? all.stream().filter(RefereeCase::onlyReads).toList() : List.of();
    }

    /**
     * The SDK's default chain is not used: that chain begins with system properties. In a test run the system properties hold
     * made-up values, which keep all other tests away from any account.
     */
    static RefereeEndpoint endpoint(Map<String, String> environment) throws IOException {
        String region = Optional.ofNullable(environment.get("AWS_REGION"))
                .orElseThrow(() -> new IllegalStateException(VARIABLE + "=aws needs AWS_REGION"));
        ProfileFile.Aggregator profiles = ProfileFile.aggregator();
        Path folder = Path.of(environment.getOrDefault("HOME", "/nonexistent"), ".aws");
        for (ProfileFile.Type type : ProfileFile.Type.values()) {
            Path file = folder.resolve(type == ProfileFile.Type.CREDENTIALS ? "credentials" : "config");
            if (Files.exists(file)) {
                profiles.addFile(ProfileFile.builder().content(file).type(type).build());
            }
        }
        return new RefereeEndpoint(service -> URI.create("https://" + service + "." + region + ".amazonaws.com"), region,
                AwsCredentialsProviderChain.of(EnvironmentVariableCredentialsProvider.create(),
                        ProfileCredentialsProvider.builder().profileFile(profiles.build()).build()).resolveCredentials());
    }
}
