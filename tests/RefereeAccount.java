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

/** The third target, a real account: only when the switch says so, and only with cases that change nothing. */
final class RefereeAccount {
    static final String SWITCH = "ETCD_OPS_REFEREE";

    private RefereeAccount() {
    }

    /** The cases that would be sent there. What else there is counts as not run on a real account. */
    static List<RefereeCase> sent(List<RefereeCase> all, Map<String, String> environment) {
        return "aws".equals(environment.get(SWITCH)) ? all.stream().filter(RefereeCase::onlyReads).toList() : List.of();
    }

    /**
     * Not the SDK's default chain: it begins with system properties, and those of a test run are made up to keep all
     * other tests away from any account.
     */
    static RefereeEndpoint endpoint(Map<String, String> environment) throws IOException {
        String region = Optional.ofNullable(environment.get("AWS_REGION"))
                .orElseThrow(() -> new IllegalStateException(SWITCH + "=aws needs AWS_REGION"));
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
