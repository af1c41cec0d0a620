//SOURCES Clusters.java
//SOURCES EtcdCluster.java
//SOURCES EtcdTag.java
//SOURCES Facts.java
//SOURCES Generation.java
//SOURCES Instance.java
//SOURCES LiveTags.java
//SOURCES MemberZones.java
//SOURCES Origins.java
//SOURCES OwnTags.java
//SOURCES QuorumJudgement.java
//SOURCES Reader.java
//SOURCES Reason.java
//SOURCES Snapshot.java
//SOURCES SnapshotPlan.java
//SOURCES SnapshotRecord.java
//SOURCES SnapshotSet.java
//SOURCES SnapshotTags.java
//SOURCES Verdict.java
//SOURCES Volume.java
//SOURCES VolumeName.java

/**
 * What the project exists for, pure: the tag grammar, who reads which tag, the quorum judgement, the sets. Facts in,
 * decisions out; nothing here may look at a clock, a network or a file, and nothing but java.* may be imported.
 */
package kops;
