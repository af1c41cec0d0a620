//SOURCES AnyCluster.java
//SOURCES AwsOptions.java
//SOURCES ClusterOptions.java
//SOURCES DurationForm.java
//SOURCES NamedCluster.java
//SOURCES OpsCommand.java
//SOURCES PlanExecution.java
//SOURCES PlanOptions.java
//SOURCES PlannedCommand.java
//SOURCES TextForm.java
//SOURCES TrainingRun.java
//DEPS info.picocli:picocli:4.7.7
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-core:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-annotations:2.22

/**
 * What the commands that talk to AWS share: their options, how a plan is shown and carried out, and what AWS's failures
 * mean to the operator.
 */
package cli;
