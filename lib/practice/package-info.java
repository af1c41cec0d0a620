//SOURCES Account.java
//SOURCES Call.java
//SOURCES Cloud.java
//SOURCES Fault.java
//SOURCES Faults.java
//SOURCES Filters.java
//SOURCES Guest.java
//SOURCES Instances.java
//SOURCES Kind.java
//SOURCES Listing.java
//SOURCES Locks.java
//SOURCES Paging.java
//SOURCES PracticeClock.java
//SOURCES Refusal.java
//SOURCES Settings.java
//SOURCES Shelf.java
//SOURCES Snapshots.java
//SOURCES Tags.java
//SOURCES Verbs.java
//SOURCES Volumes.java
//SOURCES Wire.java
//SOURCES World.java
//SOURCES Worlds.java
//SOURCES Xml.java
//SOURCES Zones.java

/**
 * The practice cloud: an EC2 endpoint on loopback, stateful, that starts from a named world and refuses whatever it
 * does not model. It speaks only the wire: it may use nothing but the JDK and may never see the code it is there to
 * try, or both could share one mistake. Credentials are not checked.
 */
package practice;
