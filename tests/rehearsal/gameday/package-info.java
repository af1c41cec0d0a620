//SOURCES CollectionCommands.java
//SOURCES Day.java
//SOURCES DayPage.java
//SOURCES DayTable.java
//SOURCES Ec2Actions.java
//SOURCES Interrupted.java
//SOURCES KeyFigures.java
//SOURCES Proof.java
//SOURCES Scenario.java
//SOURCES ScenarioRun.java
//SOURCES Scenarios.java
//SOURCES Step.java
//SOURCES StepChart.java
//SOURCES StepHistory.java
//SOURCES Steps.java
//SOURCES UnexpectedResult.java
//SOURCES VolumeOutcome.java
//SOURCES WriteChart.java
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-core:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-annotations:2.22

/**
 * The game day. Something goes wrong in a practice cluster, the commands of this collection are run as an operator runs them,
 * and the data at the end is compared with the writes that etcd acknowledged. The package knows the commands as processes
 * only, by their output, their reports and their exit codes.
 */
package gameday;
