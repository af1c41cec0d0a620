//SOURCES BlockDisks.java
//SOURCES Directories.java
//SOURCES DirectoryDisks.java
//SOURCES Disks.java
//SOURCES Ext4.java
//SOURCES IdLocks.java
//SOURCES ImageDisks.java
//SOURCES Images.java
//SOURCES LocalDisks.java
//SOURCES MountTable.java
//SOURCES Mounts.java
//SOURCES NoDisks.java
//SOURCES Tier.java
//SOURCES Tiers.java
//SOURCES Tool.java
//SOURCES VolumeStore.java
//SOURCES WorkFolder.java
//SOURCES WriteCount.java
//SOURCES Writers.java
//SOURCES WrittenBlocks.java

/**
 * The bytes of practice volumes and snapshots. The best way that works on the machine is taken: images that are mounted,
 * images that are not, directories, or no bytes at all. The package knows ids and files, and nothing of EC2.
 */
package disk;
