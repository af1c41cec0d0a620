//SOURCES Change.java
//SOURCES ChangeJson.java
//SOURCES ChangeTable.java
//SOURCES CommandWords.java
//SOURCES Console.java
//SOURCES Foreseen.java
//SOURCES JudgementJson.java
//SOURCES Launcher.java
//SOURCES Outcome.java
//SOURCES OutputFile.java
//SOURCES PageOptions.java
//SOURCES ProgressBar.java
//SOURCES Report.java
//SOURCES ReportTable.java
//SOURCES ReportingCommand.java
//SOURCES Stop.java
//SOURCES TerminalText.java
//DEPS info.picocli:picocli:4.7.7
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-core:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-annotations:2.22
//RUNTIME_OPTIONS -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xlog:disable

/**
 * What every command says: the report as JSON and as a table, the two lines of an error, the exit code, and the end by
 * Ctrl-C. It knows nothing of AWS and decides nothing about volumes.
 *
 * <p>All three parts of Jackson are named: beside the AWS SDK's modules JBang resolves older ones that do not fit together.
 * The JVM options are for short runs. JVM log lines would go to stdout, so they are off.
 */
package report;
