//SOURCES BlockDisks.java
//SOURCES CutCopies.java
//SOURCES DirectoryDisks.java
//SOURCES Disks.java
//SOURCES Ext4.java
//SOURCES IdLocks.java
//SOURCES ImageDisks.java
//SOURCES Images.java
//SOURCES MountTable.java
//SOURCES Mounts.java
//SOURCES NoDisks.java
//SOURCES Tier.java
//SOURCES Tiers.java
//SOURCES Tool.java
//SOURCES WorkFolder.java
//SOURCES WriteCount.java
//SOURCES Writers.java
//SOURCES WrittenBlocks.java

/**
 * The bytes behind practice volumes and snapshots: sparse images that are mounted, images that are not, directories, or
 * nothing at all, whichever the machine allows. It knows ids and files, and nothing of EC2.
 */
package disk;
