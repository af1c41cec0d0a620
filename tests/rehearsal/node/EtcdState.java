package node;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What etcd-manager keeps in the file {@code state} at the root of a volume: the cluster to which the data belongs. The file
 * is the protobuf message EtcdState (etcd-manager pkg/apis/etcd/etcdapi.proto).
 */
record EtcdState(boolean newCluster, int size, String token, List<Member> members, String etcdVersion) {

    record Member(String name, String peerUrl, String clientUrl) {
    }

    static Path file(Path volume) {
        return volume.resolve("state");
    }

    Path dataDir(Path volume) {
        return volume.resolve("data").resolve(token);
    }

    EtcdState started() {
        return new EtcdState(false, size, token, members, etcdVersion);
    }

    void write(Path volume) throws IOException {
        Message cluster = new Message().number(1, size).text(5, token);
        members.forEach(m -> cluster.bytes(7, new Message().text(1, m.name).text(2, m.peerUrl).text(3, m.clientUrl)));
        Message state = new Message().number(1, newCluster ? 1 : 0).bytes(2, cluster).text(3, etcdVersion);
        // etcd-manager does not sync this file: the kernel writes it to disk within half a minute. A rehearsal takes its
        // snapshots sooner, so without a sync the file would be empty in them.
        try (FileChannel file = FileChannel.open(file(volume), StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(state.out.toByteArray()));
            file.force(true);
        }
    }

    /** Empty when the volume belongs to no cluster yet: there is no file, or no cluster in the file. */
    static Optional<EtcdState> read(Path volume) throws IOException {
        if (!Files.exists(file(volume))) {
            return Optional.empty();
        }
        Parser state = new Parser(Files.readAllBytes(file(volume)));
        Optional<byte[]> cluster = state.fields.stream().filter(f -> f.number == 2).map(Field::bytes).findFirst();
        if (cluster.isEmpty()) {
            return Optional.empty();
        }
        Parser inner = new Parser(cluster.get());
        List<Member> members = new ArrayList<>();
        for (Field field : inner.fields) {
            if (field.number == 7) {
                Parser member = new Parser(field.bytes);
                members.add(new Member(member.text(1), member.text(2), member.text(3)));
            }
        }
        return Optional.of(new EtcdState(state.number(1) == 1, (int) inner.number(1), inner.text(5),
                List.copyOf(members), state.text(3)));
    }

    private record Field(int number, long value, byte[] bytes) {
    }

    /** Protobuf's wire format: before each field a varint of its number and type. Type 0 is a varint, 2 is counted bytes. */
    private static final class Message {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        Message number(int field, long value) {
            if (value != 0) {
                varint((long) field << 3);
                varint(value);
            }
            return this;
        }

        Message text(int field, String value) {
            return value.isEmpty() ? this : bytes(field, value.getBytes(StandardCharsets.UTF_8));
        }

        Message bytes(int field, Message inner) {
            return bytes(field, inner.out.toByteArray());
        }

        private Message bytes(int field, byte[] value) {
            varint((long) field << 3 | 2);
            varint(value.length);
            out.writeBytes(value);
            return this;
        }

        private void varint(long value) {
            long rest = value;
            while (rest > 0x7f) {
                out.write((int) (rest & 0x7f | 0x80));
                rest >>>= 7;
            }
            out.write((int) rest);
        }
    }

    private static final class Parser {
        private final byte[] from;
        private final List<Field> fields = new ArrayList<>();
        private int at;

        Parser(byte[] from) throws IOException {
            this.from = from;
            while (at < from.length) {
                long key = varint();
                switch ((int) key & 7) {
                    case 0 -> fields.add(new Field((int) (key >> 3), varint(), new byte[0]));
                    case 2 -> {
                        int length = (int) varint();
                        if (length < 0 || length > from.length - at) {
                            throw new IOException("the file state ends in the middle of a field");
                        }
                        fields.add(new Field((int) (key >> 3), 0, Arrays.copyOfRange(from, at, at + length)));
                        at += length;
                    }
                    default -> throw new IOException("the file state does not hold an EtcdState");
                }
            }
        }

        private long varint() throws IOException {
            long value = 0;
            for (int shift = 0; shift < 64 && at < from.length; shift += 7) {
                byte next = from[at++];
                value |= (long) (next & 0x7f) << shift;
                if (next >= 0) {
                    return value;
                }
            }
            throw new IOException("the file state ends in the middle of a number");
        }

        long number(int field) {
            return fields.stream().filter(f -> f.number == field).mapToLong(Field::value).findFirst().orElse(0);
        }

        String text(int field) {
            return fields.stream().filter(f -> f.number == field)
                    .map(f -> new String(f.bytes, StandardCharsets.UTF_8)).findFirst().orElse("");
        }
    }
}
