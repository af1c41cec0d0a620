package practice;

/** A zone without capacity. Here that is always a fault somebody asked for: the practice cloud itself has no limit. */
final class Capacity {

    private Capacity() {
    }

    /** Both codes are server errors, status 500 (API reference, "Error codes"), so a client's SDK asks again. */
    static void check(Call call, String code) {
        if (call.meets(Fault.Kind.NO_CAPACITY)) {
            throw Ec2Error.of(500, code, "There is not enough capacity to fulfill your request.");
        }
    }
}
