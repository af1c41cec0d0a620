//SOURCES Plan.java
//SOURCES PlannedChange.java

/**
 * What a command would change in AWS, call by call, before the first call is made. Pure.
 */
package plan;
