//SOURCES Clusters.java
//SOURCES EtcdTag.java
//SOURCES Generation.java
//SOURCES LiveTags.java
//SOURCES Membership.java
//SOURCES OwnTags.java
//SOURCES Reader.java
//SOURCES SnapshotRecord.java
//SOURCES VolumeName.java

/**
 * What the tags on a volume mean: how kops writes them, which program reads which, what our own say, and which cluster and
 * member a volume therefore belongs to. Pure: no clock, no network, no file.
 */
package tags;
