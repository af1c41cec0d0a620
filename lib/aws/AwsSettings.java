package aws;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import aws.AwsFailure.Kind;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.profiles.ProfileFileLocation;

/**
 * The user's own settings: variables and AWS files. They are checked before the SDK reads them. The SDK throws exceptions of
 * many kinds over a wrong setting, ignores some, and names neither the variable nor the file.
 */
public final class AwsSettings {
    /** Regions become a part of a host's name. AWS may add a region at any time, so only the form can be checked. */
    private static final Pattern REGION = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
    private static final Pattern LINE = Pattern.compile("on line (\\d+)");
    private static final Path NO_FILE = Path.of("/dev/null");
    private static final int HOST_LABEL = 63;
    private static final int LAST_PORT = 65_535;
    private static final int SHOWN = 100;

    /** A variable that the SDK reads in every run. */
    private record Variable(String name, String regex, String otherwise) {
    }

    private static final String YES_OR_NO = "(?i)true|false";
    private static final List<Variable> VARIABLES = List.of(
            new Variable("AWS_MAX_ATTEMPTS", "[1-9]\\d{0,8}", "is no number of 1 or more"),
            new Variable("AWS_METADATA_SERVICE_TIMEOUT", "[1-9]\\d{0,4}", "is no number of seconds"),
            new Variable("AWS_USE_FIPS_ENDPOINT", YES_OR_NO, "is neither true nor false"),
            new Variable("AWS_USE_DUALSTACK_ENDPOINT", YES_OR_NO, "is neither true nor false"),
            new Variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", YES_OR_NO, "is neither true nor false"),
            new Variable("AWS_RETRY_MODE", "(?i)legacy|standard|adaptive", "is none of legacy, standard, adaptive"),
            new Variable("AWS_DEFAULTS_MODE", "(?i)legacy|standard|in-region|cross-region|mobile|auto",
                    "is none of legacy, standard, in-region, cross-region, mobile, auto"));
    /** Endpoints of services that only the SDK calls, to get credentials. */
    private static final List<String> ENDPOINTS_OF_OTHERS = List.of(
            "AWS_ENDPOINT_URL_STS", "AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC", "AWS_ENDPOINT_URL_KMS");

    private AwsSettings() {
    }

    public static boolean isRegion(String value) {
        return value.length() <= HOST_LABEL && REGION.matcher(value).matches();
    }

    /** The endpoint that a URL names. Empty where the value is no URL of scheme, host and port alone. */
    public static Optional<URI> endpoint(String value) {
        if (!value.matches("https?://[^/?#@\\s]+/?")) {
            return Optional.empty();
        }
        try {
            URI uri = new URI(value);
            boolean isPort = uri.getPort() > 0 && uri.getPort() <= LAST_PORT
                    || uri.getPort() == -1 && !uri.getRawAuthority().endsWith(":");
            return Optional.of(uri).filter(u -> u.getHost() != null && isPort);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** A wrong value as a message may show it, on one line: no password of a URL, no page of text. */
    public static String shown(String value) {
        int at = value.lastIndexOf('@');
        String safe = at > value.indexOf(':') && value.contains(":") ? "***" + value.substring(at) : value;
        String cut = safe.length() <= SHOWN ? safe : safe.substring(0, SHOWN - 3) + "...";
        return "'" + cut.replace("\r", "\\r").replace("\n", "\\n") + "'";
    }

    /**
     * The endpoint that the environment names, as the SDK would read it. Empty for AWS itself.
     *
     * @throws AwsFailure for what is no URL: a rehearsal must never reach a real account because of a typing error
     */
    static Optional<URI> endpointOf(Map<String, String> env) {
        if ("true".equalsIgnoreCase(env.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"))) {
            return Optional.empty();
        }
        return Stream.of("AWS_ENDPOINT_URL_EC2", "AWS_ENDPOINT_URL").filter(env::containsKey).findFirst()
                .map(name -> endpoint(env.get(name)).orElseThrow(() -> noEndpoint(Kind.BAD_ENDPOINT, name, env)));
    }

    private static AwsFailure noEndpoint(Kind kind, String name, Map<String, String> env) {
        return AwsFailure.badSetting(kind, name, shown(env.get(name)) + " is no URL like http://127.0.0.1:4566");
    }

    /** @throws AwsFailure for the first variable, file or profile that cannot be used */
    static void check(Map<String, String> env, Optional<String> profile) {
        for (Variable variable : VARIABLES) {
            String value = env.get(variable.name);
            if (value != null && !value.matches(variable.regex)) {
                throw AwsFailure.badSetting(Kind.BAD_VARIABLE, variable.name, shown(value) + " " + variable.otherwise);
            }
        }
        for (String name : ENDPOINTS_OF_OTHERS) {
            if (env.containsKey(name) && endpoint(env.get(name)).isEmpty()) {
                throw noEndpoint(Kind.BAD_VARIABLE, name, env);
            }
        }
        ProfileFile config = read(ProfileFileLocation.configurationFilePath(), ProfileFile.Type.CONFIGURATION);
        ProfileFile credentials = read(ProfileFileLocation.credentialsFilePath(), ProfileFile.Type.CREDENTIALS);
        Predicate<String> isKnown = name -> config.profile(name).isPresent() || credentials.profile(name).isPresent();
        profile.or(() -> Optional.ofNullable(env.get("AWS_PROFILE")).filter(name -> !name.isEmpty()))
                .filter(name -> !name.equals("default") && !isKnown.test(name)).ifPresent(name -> {
                    throw AwsFailure.badSetting(Kind.BAD_PROFILE, "the profile", "the AWS files have none named " + shown(name));
                });
    }

    /**
     * Of a broken file only the number of the line is said: the line may hold a password. The SDK takes for missing what is no
     * regular file. People write /dev/null for a file that shall not be read.
     */
    private static ProfileFile read(Path path, ProfileFile.Type type) {
        if (path.toString().isEmpty() || path.equals(NO_FILE) || !Files.exists(path)) {
            return ProfileFile.aggregator().build();
        }
        String wrong = Files.isRegularFile(path) ? "the file cannot be read" : "this is no regular file";
        try {
            if (Files.isRegularFile(path) && Files.isReadable(path)) {
                return ProfileFile.builder().content(path).type(type).build();
            }
        } catch (RuntimeException e) { // IllegalArgumentException for a form, UncheckedIOException for a failed read
            Matcher line = LINE.matcher(String.valueOf(e.getMessage()));
            wrong = line.find() ? "line " + line.group(1) + " is neither [NAME] nor NAME = VALUE" : wrong;
        }
        throw AwsFailure.badSetting(Kind.BAD_PROFILE, path.toString(), wrong);
    }
}
