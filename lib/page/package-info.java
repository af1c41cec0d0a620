//SOURCES Block.java
//SOURCES Commands.java
//SOURCES JudgementPage.java
//SOURCES Markup.java
//SOURCES Members.java
//SOURCES Notes.java
//SOURCES Page.java
//SOURCES Points.java
//SOURCES Style.java
//SOURCES Tone.java

/**
 * Reports as pictures: one HTML page that fetches nothing and runs nothing, for a phone, a ticket, a mail. It decides
 * nothing; whatever stands in a tag is text on it.
 */
package page;
