//SOURCES Clusters.java
//SOURCES EtcdCluster.java
//SOURCES EtcdTag.java
//SOURCES Facts.java
//SOURCES Generation.java
//SOURCES Instance.java
//SOURCES LiveTags.java
//SOURCES MemberEvidence.java
//SOURCES MemberLists.java
//SOURCES MemberZones.java
//SOURCES Origins.java
//SOURCES OwnTags.java
//SOURCES Plan.java
//SOURCES PlannedChange.java
//SOURCES QuorumJudgement.java
//SOURCES Reader.java
//SOURCES Reason.java
//SOURCES Refusal.java
//SOURCES RestoreChoice.java
//SOURCES RestoreGuards.java
//SOURCES RestorePlan.java
//SOURCES RestoreRequest.java
//SOURCES RestoreRun.java
//SOURCES Retirement.java
//SOURCES Rollback.java
//SOURCES Snapshot.java
//SOURCES SnapshotPlan.java
//SOURCES SnapshotRecord.java
//SOURCES SnapshotSet.java
//SOURCES SnapshotSets.java
//SOURCES SnapshotTags.java
//SOURCES TagRepair.java
//SOURCES Verdict.java
//SOURCES Volume.java
//SOURCES VolumeName.java
//SOURCES VolumeSpec.java

/**
 * What the project exists for, pure: the tag grammar, who reads which tag, the quorum judgement, the sets. Facts in,
 * decisions out; nothing here may look at a clock, a network or a file, and nothing but java.* may be imported.
 */
package kops;
