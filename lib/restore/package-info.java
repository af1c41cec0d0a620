//SOURCES Restore.java
//SOURCES RestoreChoice.java
//SOURCES RestoreGuards.java
//SOURCES RestoreId.java
//SOURCES RestorePlan.java
//SOURCES RestoreRequest.java
//SOURCES Retirement.java
//SOURCES Rollback.java
//SOURCES VolumeSpec.java

/**
 * How volumes are made from snapshots, how the old ones are retired, how all of it is rolled back, and when a restore must
 * be refused. Pure.
 */
package restore;
