package practice;

import java.util.Optional;

/** Which key a copy is encrypted with, if any. Keys are not looked up: EC2 does that later, out of the call. */
final class Keys {

    private Keys() {
    }

    /** Empty when it is not encrypted. Encryption by default is off in this account. */
    static String of(Call call, Account account, boolean isSourceEncrypted, String sourceKey) {
        Optional<String> asked = call.text("KmsKeyId").filter(key -> !key.isEmpty());
        if (asked.isPresent() && !call.flag("Encrypted")) { // API reference, CreateVolume: KmsKeyId
            throw Ec2Error.of("InvalidParameterDependency", "The parameter KmsKeyId requires the parameter Encrypted "
                    + "to be set.");
        }
        if (isSourceEncrypted && call.text("Encrypted").isPresent() && !call.flag("Encrypted")) {
            // EBS User Guide, "Amazon EBS encryption": no unencrypted copy of what is encrypted. The code is a guess.
            throw Ec2Error.of("InvalidParameterCombination", "What comes from an encrypted source is encrypted");
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

    /** The account's own for EBS. EC2 gives the key behind this alias. */
    static String ofAccount(Account account) {
        return "arn:aws:kms:" + account.region + ":" + Account.ID + ":alias/aws/ebs";
    }
}
