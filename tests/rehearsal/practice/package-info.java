//SOURCES Account.java
//SOURCES Actions.java
//SOURCES Attachments.java
//SOURCES Call.java
//SOURCES Capacity.java
//SOURCES ClientTokens.java
//SOURCES Cloud.java
//SOURCES CommandRunner.java
//SOURCES DueChanges.java
//SOURCES EbsDirect.java
//SOURCES EbsDirectErrors.java
//SOURCES Ec2Error.java
//SOURCES Fault.java
//SOURCES FaultLine.java
//SOURCES Faults.java
//SOURCES Filters.java
//SOURCES Initializations.java
//SOURCES InstanceLifecycle.java
//SOURCES Instances.java
//SOURCES Journal.java
//SOURCES KeyService.java
//SOURCES Keys.java
//SOURCES Kind.java
//SOURCES Listing.java
//SOURCES Locks.java
//SOURCES NodeRole.java
//SOURCES Paging.java
//SOURCES PracticeClock.java
//SOURCES QueryProtocol.java
//SOURCES ResourceStore.java
//SOURCES Settings.java
//SOURCES Snapshots.java
//SOURCES Tags.java
//SOURCES Throttle.java
//SOURCES VolumeCopies.java
//SOURCES VolumeStatuses.java
//SOURCES VolumeType.java
//SOURCES Volumes.java
//SOURCES Workloads.java
//SOURCES World.java
//SOURCES Worlds.java
//SOURCES Xml.java
//SOURCES Zones.java

/**
 * The practice cloud: an emulator of EC2 on loopback that keeps state, starts from a named world, and refuses every request
 * that it does not model. The package may use the JDK and the package {@code disk}, and nothing else. In particular it does
 * not use the commands that it is there to try, or both could share one mistake. Signatures are not checked.
 */
package practice;
