//SOURCES Addresses.java
//SOURCES Controller.java
//SOURCES EtcdBinary.java
//SOURCES EtcdClient.java
//SOURCES EtcdManager.java
//SOURCES EtcdProcess.java
//SOURCES EtcdState.java
//SOURCES KopsGeneration.java
//SOURCES NodeEc2.java
//SOURCES NodeLog.java
//SOURCES NodeProgram.java
//SOURCES Nodes.java
//SOURCES PracticeCluster.java
//SOURCES Protokube.java
//SOURCES UnsignedEc2.java
//SOURCES VolumeSearch.java
//SOURCES WaitTimes.java
//SOURCES Writer.java
//DEPS com.fasterxml.jackson.core:jackson-databind:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-core:2.22.4
//DEPS com.fasterxml.jackson.core:jackson-annotations:2.22

/**
 * Practice nodes: what etcd-manager and protokube do with a volume, from the search by tags to a running etcd. The etcd is
 * the real one of this machine. What goes wrong on AWS goes wrong here too: the first match wins, a blank volume is formatted,
 * tags are read once, and the member that gets its volume first starts first.
 */
package node;
