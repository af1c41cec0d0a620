//SOURCES Account.java
//SOURCES Attachments.java
//SOURCES Call.java
//SOURCES Capacity.java
//SOURCES ClientTokens.java
//SOURCES Cloud.java
//SOURCES Copies.java
//SOURCES Direct.java
//SOURCES DirectErrors.java
//SOURCES Fault.java
//SOURCES FaultLine.java
//SOURCES Faults.java
//SOURCES Filters.java
//SOURCES Guest.java
//SOURCES Initializations.java
//SOURCES Instances.java
//SOURCES Journal.java
//SOURCES KeyService.java
//SOURCES Keys.java
//SOURCES Kind.java
//SOURCES Listing.java
//SOURCES Locks.java
//SOURCES NodeRole.java
//SOURCES Paging.java
//SOURCES Power.java
//SOURCES PracticeClock.java
//SOURCES Refusal.java
//SOURCES Settings.java
//SOURCES Shelf.java
//SOURCES Snapshots.java
//SOURCES Tags.java
//SOURCES Throttle.java
//SOURCES Timeline.java
//SOURCES Verbs.java
//SOURCES VolumeStatuses.java
//SOURCES VolumeType.java
//SOURCES Volumes.java
//SOURCES Wire.java
//SOURCES Workloads.java
//SOURCES World.java
//SOURCES Worlds.java
//SOURCES Xml.java
//SOURCES Zones.java

/**
 * The practice cloud: an EC2 endpoint on loopback, stateful, that starts from a named world and refuses whatever it
 * does not model. It speaks only the wire: it may use nothing but the JDK and the bytes of {@code disk}, and may never
 * see the code it is there to try, or both could share one mistake. Signatures are not checked.
 */
package practice;
