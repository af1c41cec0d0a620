package aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.ProxyConfiguration;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;
import software.amazon.awssdk.services.kms.KmsClient;

/** Where EC2 is and as whom we speak to it. Empty options mean the AWS default chains. */
public final class Connection {
    /** Long enough for a slow reply of 500 volumes, short enough that an incident does not wait for a dead endpoint. */
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(30);
    /** A reply that comes byte by byte passes READ for ever, so an attempt and a call as a whole have a bound too. */
    private static final Duration ATTEMPT = Duration.ofSeconds(60);
    private static final Duration CALL = Duration.ofMinutes(3);

    private final Region region;
    private final Optional<URI> endpoint;
    private final AwsCredentialsProvider credentials;
    private final AwsCalls calls = new AwsCalls();

    private Connection(Region region, Optional<URI> endpoint, AwsCredentialsProvider credentials) {
        this.region = region;
        this.endpoint = endpoint;
        this.credentials = credentials;
    }

    /**
     * Finds region and credentials; calls nobody, except the instance metadata service where nothing else names a region.
     *
     * @throws AwsFailure when no region is to be found, or when a setting cannot be used
     */
    public static Connection open(
            Optional<String> region, Optional<String> profile, Optional<URI> endpoint, Map<String, String> env) {
        AwsSettings.check(env, profile);
        Optional<URI> where = endpoint.or(() -> endpointOf(env));
        String found = region.orElseGet(() -> configured(() -> regionOf(profile, env)));
        if (!AwsSettings.isRegion(found)) {
            throw AwsFailure.badSetting(AwsFailure.Kind.NO_REGION, "the region",
                    AwsSettings.shown(found) + " is no region like eu-central-1");
        }
        Proxies.use(env, where.orElseGet(() -> URI.create("https://ec2." + found + ".amazonaws.com")));
        AwsCredentialsProvider credentials = configured(() -> profile
                .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
                .orElseGet(() -> DefaultCredentialsProvider.builder().build()));
        return new Connection(Region.of(found), where, credentials);
    }

    /** Makes something of the user's settings. What the SDK throws then is about a setting, of whatever class it is. */
    private static <T> T configured(Supplier<T> made) {
        try {
            return made.get();
        } catch (SdkException | IllegalArgumentException | IllegalStateException | UncheckedIOException e) {
            throw AwsFailure.ofSettings(e);
        }
    }

    /**
     * Makes a client and drops it, calling nobody: a process's first one takes long to load and link, which can pass beside
     * other work.
     */
    public static void warmUp(Optional<URI> endpoint) {
        new Connection(Region.EU_CENTRAL_1, endpoint, AnonymousCredentialsProvider.create()).forReading().close();
    }

    /** The endpoint that the environment names, as the SDK would read it. Empty for AWS itself. */
    public static Optional<URI> endpointOf(Map<String, String> env) {
        return AwsSettings.endpointOf(env);
    }

    /** AWS_DEFAULT_REGION is what the AWS CLI reads and the SDK for Java does not; who sets it means it. */
    private static String regionOf(Optional<String> profile, Map<String, String> env) {
        String named = env.getOrDefault("AWS_REGION", "");
        if (!named.isEmpty()) {
            return named;
        }
        String fallback = env.getOrDefault("AWS_DEFAULT_REGION", "");
        if (profile.isEmpty() && !fallback.isBlank()) {
            return fallback.strip();
        }
        try {
            DefaultAwsRegionProviderChain.Builder chain = DefaultAwsRegionProviderChain.builder();
            profile.ifPresent(chain::profileName);
            return chain.build().getRegion().id();
        } catch (SdkException e) {
            if (!fallback.isBlank()) {
                return fallback.strip();
            }
            throw AwsFailure.noRegion("choosing a region");
        }
    }

    /** @param told is told what is waited for, when AWS is silent for long */
    public Connection onSilence(Consumer<String> told) {
        calls.onSilence(told);
        return this;
    }

    AwsCalls calls() {
        return calls;
    }

    public String region() {
        return region.id();
    }

    /** For reads: the SDK repeats what failed in passing. */
    Ec2Client forReading() {
        return configured(() -> client(AwsRetryStrategy.standardRetryStrategy()));
    }

    /** For writes: never repeated behind our back. CreateSnapshot(s) takes no client token, so a repeat is a second snapshot. */
    Ec2Client forWriting() {
        return configured(() -> client(AwsRetryStrategy.doNotRetry()));
    }

    /** Asked once: who cannot be told a key's state goes on without. */
    KmsClient forKeys() {
        var builder = KmsClient.builder().region(region).credentialsProvider(credentials).httpClient(http())
                .overrideConfiguration(c -> c.retryStrategy(AwsRetryStrategy.doNotRetry()));
        endpoint.ifPresent(builder::endpointOverride);
        return builder.build();
    }

    private Ec2Client client(RetryStrategy retries) {
        var builder = Ec2Client.builder()
                .region(region)
                .credentialsProvider(credentials)
                .httpClient(http())
                .overrideConfiguration(c -> c.retryStrategy(retries).addExecutionInterceptor(new ReplyCheck())
                        .apiCallAttemptTimeout(ATTEMPT).apiCallTimeout(CALL));
        endpoint.ifPresent(builder::endpointOverride);
        return builder.build();
    }

    /** The SDK's own set-up loads 150 root certificates at once; plain HTTP, to an emulator, is spared that. */
    private SdkHttpClient http() {
        if (endpoint.filter(e -> e.getScheme().equals("http")).isEmpty()) {
            // The SDK would take HTTP_PROXY for HTTPS as well. Without a proxy of its own Java asks our Proxies.
            ProxyConfiguration none = ProxyConfiguration.builder().useSystemPropertyValues(false)
                    .useEnvironmentVariablesValues(false).build();
            return new BufferedReads(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(READ)
                    .proxyConfiguration(none).build());
        }
        return new BufferedReads(UrlConnectionHttpClient.create(uri -> {
            try {
                HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
                connection.setConnectTimeout((int) CONNECT.toMillis());
                connection.setReadTimeout((int) READ.toMillis());
                return connection;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }));
    }
}
