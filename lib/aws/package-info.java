//SOURCES AwsCalls.java
//SOURCES AwsFailure.java
//SOURCES AwsSettings.java
//SOURCES BufferedReads.java
//SOURCES ChangeResult.java
//SOURCES Connection.java
//SOURCES Ec2Queries.java
//SOURCES Ec2Writer.java
//SOURCES KeyStates.java
//SOURCES Proxies.java
//SOURCES ReplyCheck.java
//SOURCES Restorer.java
//SOURCES Retries.java
//SOURCES SnapshotTaker.java
//SOURCES TagChanger.java
//SOURCES VolumeMaker.java
//DEPS software.amazon.awssdk:ec2:2.40.2@fatjar
//DEPS software.amazon.awssdk:aws-query-protocol:2.40.2
//DEPS software.amazon.awssdk:url-connection-client:2.40.2
//DEPS software.amazon.awssdk:sts:2.40.2@fatjar
//DEPS software.amazon.awssdk:kms:2.40.2@fatjar
//DEPS software.amazon.awssdk:sso:2.40.2@fatjar
//DEPS software.amazon.awssdk:ssooidc:2.40.2@fatjar
//DEPS software.amazon.awssdk:aws-json-protocol:2.40.2
//DEPS org.slf4j:slf4j-nop:1.7.36

/**
 * EC2 as the project uses it: one class reads, one class writes, and nothing else may call the AWS SDK. Replies become
 * the records of {@code facts}; every failure becomes an {@link aws.AwsFailure}.
 *
 * <p>{@code @fatjar} takes a service module without what it drags in: each brings Netty and the Apache client, and the
 * light HTTP client is all that scripts need. sts, sso and ssooidc are never called by us: the SDK loads them by name for
 * profiles that assume a role or sign on.
 */
package aws;
