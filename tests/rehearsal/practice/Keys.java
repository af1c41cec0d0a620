package practice;

import java.util.Optional;

/** Which key a new volume or copy is encrypted with, if any. Whether the key exists is not checked: EC2 does so later. */
final class Keys {

    private Keys() {
    }

    /** The ARN of the key; empty for no encryption. Encryption by default is off in this account. */
    static String of(Call call, Account account, boolean isSourceEncrypted, String sourceKey) {
        Optional<String> asked = call.text("KmsKeyId").filter(key -> !key.isEmpty());
        if (asked.isPresent() && !call.flag("Encrypted")) { // API reference, CreateVolume: KmsKeyId
            throw Ec2Error.of("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted "
                    + "to be set.");
        }
        if (isSourceEncrypted && call.text("Encrypted").isPresent() && !call.flag("Encrypted")) {
            // EBS User Guide, "Amazon EBS encryption": an encrypted source has no unencrypted copy. The code is a guess.
            throw Ec2Error.of("InvalidParameterCombination", "A volume or copy of an encrypted source must be encrypted");
        }
        String arn = "arn:aws:kms:" + account.region + ":" + Account.ID + ":";
        if (asked.isPresent()) {
            String key = asked.get();
            return key.startsWith("arn:") ? key : arn + (key.startsWith("alias/") ? key : "key/" + key);
        }
        if (isSourceEncrypted) {
            return sourceKey;
        }
        return call.flag("Encrypted") ? ofAccount(account) : "";
    }

    /** The account's default key for EBS, by its alias. EC2 itself shows the ARN of the key behind the alias. */
    static String ofAccount(Account account) {
        return "arn:aws:kms:" + account.region + ":" + Account.ID + ":alias/aws/ebs";
    }
}
