//SOURCES Change.java
//SOURCES ChangeJson.java
//SOURCES ChangeTable.java
//SOURCES ClusterOptions.java
//SOURCES CommandWords.java
//SOURCES Console.java
//SOURCES DurationOption.java
//SOURCES Findings.java
//SOURCES Foreseen.java
//SOURCES JudgementJson.java
//SOURCES OpsCommand.java
//SOURCES Outcome.java
//SOURCES OutputFile.java
//SOURCES PageOptions.java
//SOURCES PlanLog.java
//SOURCES PlanOptions.java
//SOURCES PlannedCommand.java
//SOURCES Printable.java
//SOURCES Problem.java
//SOURCES ProgressBar.java
//SOURCES Rehearsal.java
//SOURCES Report.java
//SOURCES ReportTable.java
//SOURCES ReportingCommand.java
//SOURCES ResourceOptions.java
//SOURCES RestoreNotes.java
//SOURCES RestoreOptions.java
//SOURCES SetFindings.java
//SOURCES SetOptions.java
//SOURCES StepLog.java
//SOURCES UndoLines.java
//DEPS info.picocli:picocli:4.7.7
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-core:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-annotations:2.22

/**
 * What every command shares towards its user: options, the run, the report in both views, error lines, exit codes. It may
 * know {@code kops} and {@code aws}; it decides nothing about volumes and calls nothing of AWS.
 *
 * <p>All three parts of Jackson are named: beside the AWS SDK's modules JBang resolves older ones that do not fit together.
 */
package cli;
