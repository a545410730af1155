package cabinet;

/** The operation was not carried out, for a reason a user would read. */
class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Refusal(String reason) {
    super(reason);
  }
}
