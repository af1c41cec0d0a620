//SOURCES SnapshotPlan.java
//SOURCES SnapshotSet.java
//SOURCES SnapshotSets.java
//SOURCES SnapshotTags.java

/**
 * Sets of snapshots: what to snapshot, what each snapshot must record, and whether a set could bring a quorum back. Pure.
 */
package sets;
