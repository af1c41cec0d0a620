package cli;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import aws.AwsSettings;
import aws.Connection;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;
import report.CommandWords;
import tags.Generation;

/** The options that say where AWS is, as whom it is asked, and which readers must be satisfied. */
public final class AwsOptions {
    @Option(names = "--region", paramLabel = "REGION", converter = TextForm.Region.class,
            description = "the AWS region (default: as the AWS SDK finds it)")
    private String region;

    @Option(names = "--profile", paramLabel = "NAME", converter = TextForm.Name.class,
            description = "a profile of the AWS config files")
    private String profile;

    @Option(names = "--endpoint-url", paramLabel = "URL", converter = Endpoint.class,
            description = "another EC2 endpoint, such as a practice cloud (also AWS_ENDPOINT_URL)")
    private URI endpoint;

    @Option(names = "--kops-version", paramLabel = "X.Y", converter = KopsVersion.class,
            description = "the kops whose tag readers must be satisfied (default: as the live volumes show)")
    private AskedVersion version;

    private record AskedVersion(String text, Generation generation) {
    }

    Connection connect(Map<String, String> env) {
        return Connection.open(Optional.ofNullable(region), Optional.ofNullable(profile), Optional.ofNullable(endpoint), env);
    }

    Optional<Generation> generation() {
        return Optional.ofNullable(version).map(AskedVersion::generation);
    }

    /** The version as words, for a command that must judge alike. */
    String versionAgain() {
        return again("--kops-version", version == null ? null : version.text);
    }

    /** The other options as words, for a command line that speaks to the same AWS. */
    String whereAgain() {
        return again("--region", region) + again("--profile", profile) + again("--endpoint-url", endpoint);
    }

    private static String again(String option, Object value) {
        return value == null ? "" : " " + option + " " + CommandWords.quoted(value.toString());
    }

    /** The endpoint among arguments that are not parsed yet. */
    static Optional<URI> endpointIn(String[] args) {
        List<String> words = List.of(args);
        int option = words.indexOf("--endpoint-url");
        return option < 0 || option + 1 == args.length ? Optional.empty() : Optional.of(new Endpoint().convert(args[option + 1]));
    }

    static final class Endpoint implements ITypeConverter<URI> {
        @Override
        public URI convert(String value) {
            return AwsSettings.endpoint(value).orElseThrow(() -> new TypeConversionException(
                    AwsSettings.shown(value) + " is no URL like http://127.0.0.1:4566"));
        }
    }

    static final class KopsVersion implements ITypeConverter<AskedVersion> {
        @Override
        public AskedVersion convert(String value) {
            try {
                return new AskedVersion(value, Generation.ofKopsVersion(value));
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
