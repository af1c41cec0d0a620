package aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.retries.api.RetryStrategy;
import software.amazon.awssdk.services.ec2.Ec2Client;

/** Where EC2 is and as whom we speak to it. Empty options mean the AWS default chains. */
public final class Connection {
    /** Long enough for a slow reply of 500 volumes, short enough that an incident does not wait for a dead endpoint. */
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration READ = Duration.ofSeconds(30);

    private final Region region;
    private final Optional<URI> endpoint;
    private final AwsCredentialsProvider credentials;

    private Connection(Region region, Optional<URI> endpoint, AwsCredentialsProvider credentials) {
        this.region = region;
        this.endpoint = endpoint;
        this.credentials = credentials;
    }

    /**
     * Finds region and credentials; calls nobody, except the instance metadata service where nothing else names a region.
     *
     * @throws AwsFailure when no region is to be found
     */
    public static Connection open(
            Optional<String> region, Optional<String> profile, Optional<URI> endpoint, Map<String, String> env) {
        AwsCredentialsProvider credentials = profile
                .<AwsCredentialsProvider>map(ProfileCredentialsProvider::create)
                .orElseGet(() -> DefaultCredentialsProvider.builder().build());
        return new Connection(Region.of(region.orElseGet(() -> regionOf(profile, env))), endpoint, credentials);
    }

    /**
     * Makes a client and drops it, calling nobody: a process's first one takes 130 ms of opening jars and linking, which
     * can pass beside other work.
     */
    public static void warmUp() {
        new Connection(Region.EU_CENTRAL_1, Optional.empty(), AnonymousCredentialsProvider.create()).forReading().close();
    }

    /** AWS_DEFAULT_REGION is what the AWS CLI reads and the SDK for Java does not; who sets it means it. */
    private static String regionOf(Optional<String> profile, Map<String, String> env) {
        String fallback = env.getOrDefault("AWS_DEFAULT_REGION", "");
        if (!env.containsKey("AWS_REGION") && profile.isEmpty() && !fallback.isBlank()) {
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

    public String region() {
        return region.id();
    }

    /** For reads: the SDK repeats what failed in passing. */
    Ec2Client forReading() {
        return client(AwsRetryStrategy.standardRetryStrategy());
    }

    /** For writes: never repeated behind our back. CreateSnapshot(s) takes no client token, so a repeat is a second snapshot. */
    Ec2Client forWriting() {
        return client(AwsRetryStrategy.doNotRetry());
    }

    private Ec2Client client(RetryStrategy retries) {
        var builder = Ec2Client.builder()
                .region(region)
                .credentialsProvider(credentials)
                .httpClientBuilder(UrlConnectionHttpClient.builder().connectionTimeout(CONNECT).socketTimeout(READ))
                .overrideConfiguration(c -> c.retryStrategy(retries));
        endpoint.ifPresent(builder::endpointOverride);
        return builder.build();
    }
}
