package aws;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.NotFoundException;

/** Asks KMS whether keys can be used. EC2 looks at a key only after CreateVolume has answered, and then the volume is gone. */
public final class KeyStates {
    private final Connection connection;

    public KeyStates(Connection connection) {
        this.connection = connection;
    }

    /**
     * Those of the keys that EC2 cannot use, with the state they are in. A key that KMS does not tell of is left out: nobody
     * needs the permission kms:DescribeKey for a restore.
     */
    public Map<String, String> unusable(Collection<String> keys) {
        Map<String, String> unusable = new TreeMap<>();
        if (!keys.isEmpty()) {
            try (KmsClient kms = connection.forKeys()) {
                keys.forEach(key -> state(kms, key).filter(state -> !state.equals(KeyState.ENABLED.toString()))
                        .ifPresent(state -> unusable.put(key, state)));
            }
        }
        return unusable;
    }

    private static Optional<String> state(KmsClient kms, String key) {
        try {
            return Optional.of(kms.describeKey(r -> r.keyId(key)).keyMetadata().keyStateAsString());
        } catch (NotFoundException gone) {
            return Optional.of("missing");
        } catch (SdkException untold) {
            return Optional.empty();
        }
    }
}
