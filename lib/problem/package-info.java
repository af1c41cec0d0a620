//SOURCES Problem.java
//SOURCES Refusal.java

/**
 * What can be wrong, as every command reports it: the code, the sentence and the remedy. Pure.
 */
package problem;
