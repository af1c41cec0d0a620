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
 * The game day: a practice cluster is hurt, this collection's own commands are typed as an operator types them, and what
 * came of it is held against what etcd had acknowledged. It knows the commands as processes only: what they print, their
 * reports, their exit codes.
 */
package gameday;
