//SOURCES Problem.java
//SOURCES ProblemCode.java
//SOURCES ReportCode.java

/**
 * What can be wrong, as every command reports it: the code, the sentence and the remedy. Pure.
 */
package problem;
