package cli;

import aws.AwsSettings;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tags.SnapshotRecord;

/** The form that an option's value must have. */
public abstract class TextForm implements ITypeConverter<String> {
    private final String regex;
    private final String otherwise;

    /** @param otherwise what is said of another value, such as "is no volume id like vol-0123456789abcdef0" */
    protected TextForm(String regex, String otherwise) {
        this.regex = regex;
        this.otherwise = otherwise;
    }

    @Override
    public final String convert(String value) {
        if (!value.matches(regex)) {
            throw wrong(value, otherwise);
        }
        return value;
    }

    private static TypeConversionException wrong(String value, String otherwise) {
        return new TypeConversionException(AwsSettings.shown(value) + " " + otherwise);
    }

    /** A name that somebody else gave. An empty one is most often a variable of a script that is not set. */
    public static final class Name extends TextForm {
        public Name() {
            super("(?s).*\\S.*", "is no name");
        }
    }

    public static final class Region implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!AwsSettings.isRegion(value)) {
                throw wrong(value, "is no region like eu-central-1");
            }
            return value;
        }
    }

    /** How much of something is wanted. */
    public static final class Amount implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (!value.matches("[1-9]\\d{0,8}")) {
                throw wrong(value, "is no number of 1 or more");
            }
            return Integer.valueOf(value);
        }
    }

    /** A member's name becomes a part of a DNS name, and no part of a DNS name is longer than 63 characters. */
    public static final class MemberName extends TextForm {
        public MemberName() {
            super("[A-Za-z0-9][A-Za-z0-9_-]{0,62}", "is no member's name: letters, digits, dash and underscore, at most 63");
        }
    }

    /** A set's name becomes a tag value and stands in command lines. */
    public static final class SetName extends TextForm {
        public SetName() {
            super(SnapshotRecord.SET_NAME, "is no set name: letters, digits, dot, dash and underscore, at most 64");
        }
    }

    public static final class VolumeId extends TextForm {
        public VolumeId() {
            super("vol-([0-9a-f]{8}|[0-9a-f]{17})", "is no volume id like vol-0123456789abcdef0");
        }
    }

    public static final class SnapshotId extends TextForm {
        public SnapshotId() {
            super("snap-([0-9a-f]{8}|[0-9a-f]{17})", "is no snapshot id like snap-0123456789abcdef0");
        }
    }

    /** A restore is named after its source and counted. */
    public static final class RestoreName extends TextForm {
        public RestoreName() {
            super("[A-Za-z0-9][A-Za-z0-9._-]{0,150}\\.\\d{1,6}", "is no restore like 20261121T020304Z-7f3a.1");
        }
    }
}
