package cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The forms of option values that name one volume, one snapshot or one member. */
public final class ResourceOptions {
    private ResourceOptions() {
    }

    public static final class VolumeId implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!value.matches("vol-([0-9a-f]{8}|[0-9a-f]{17})")) {
                throw new TypeConversionException("'" + value + "' is no volume id like vol-0123456789abcdef0");
            }
            return value;
        }
    }

    public static final class SnapshotId implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!value.matches("snap-([0-9a-f]{8}|[0-9a-f]{17})")) {
                throw new TypeConversionException("'" + value + "' is no snapshot id like snap-0123456789abcdef0");
            }
            return value;
        }
    }

    /** It becomes a part of a DNS name, of which none is longer than 63 characters. */
    public static final class Member implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!value.matches("[A-Za-z0-9][A-Za-z0-9_-]{0,62}")) {
                throw new TypeConversionException(
                        "'" + value + "' is no member's name: letters, digits, dash and underscore, at most 63");
            }
            return value;
        }
    }
}
