package cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;
import tags.SnapshotRecord;

/** The forms of option values that name or bound a set. */
public final class SetOptions {
    private SetOptions() {
    }

    public static final class SetId implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            if (!SnapshotRecord.isSetName(value)) {
                throw new TypeConversionException(
                        "'" + value + "' is no set name: letters, digits, dot, dash and underscore, at most 64");
            }
            return value;
        }
    }

    /** A lock's length: LockSnapshot takes 1 to 36500 days (EC2 API reference). */
    public static final class Days implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String value) {
            if (value.matches("\\d{1,5}")) {
                int days = Integer.parseInt(value);
                if (days >= 1 && days <= 36_500) {
                    return days;
                }
            }
            throw new TypeConversionException("'" + value + "' is no number of days from 1 to 36500");
        }
    }
}
