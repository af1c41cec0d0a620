//SOURCES MemberEvidence.java
//SOURCES MemberLists.java
//SOURCES TagFixes.java

/**
 * Which tags fix an etcd volume, what proves that they are right, and when a fix must be refused. Pure.
 */
package fixes;
