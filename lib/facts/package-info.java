//SOURCES Facts.java
//SOURCES Instance.java
//SOURCES Snapshot.java
//SOURCES Volume.java

/**
 * What EC2 said at one look: volumes, instances and snapshots, as records without any judgement. It imports nothing but
 * java.*.
 */
package facts;
