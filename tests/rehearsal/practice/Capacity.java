package practice;

/** A zone may have no room for what is asked: a fault only, since here there is always room. */
final class Capacity {

    private Capacity() {
    }

    /** Server errors (API reference, "Error codes"), so a client's SDK repeats them. */
    static void check(Call call, String code) {
        if (call.meets(Fault.Kind.NO_CAPACITY)) {
            throw Ec2Error.of(500, code, "There is not enough capacity to fulfill your request.");
        }
    }
}
