//SOURCES EtcdCluster.java
//SOURCES Findings.java
//SOURCES MemberZones.java
//SOURCES Origins.java
//SOURCES QuorumJudgement.java
//SOURCES Reason.java
//SOURCES Verdict.java

/**
 * Whether the volumes of an etcd cluster can form a quorum, and why not. Facts in, a verdict out. Pure.
 */
package judgement;
