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
 * Reports as HTML pages for a phone, a ticket or a mail. A page fetches nothing and runs nothing, and all that comes from a
 * tag is only text on the page. The package decides nothing.
 */
package page;
