/** Settings of the plugin for all workflows of an engine. */
export interface DocHealingOptions {
  /**
   * Lets `check` ask hosts in private networks when it checks addresses in documentation, which anyone who can change the
   * documentation can write.
   *
   * @defaultValue false
   */
  readonly allowPrivateAddresses?: boolean;
}
