/** Settings of the plugin `http`: what whoever runs the workflows decides, and no workflow can change. */
export interface HttpOptions {
  /**
   * Refuses to connect to anything but public addresses: not to this machine, private networks or the metadata
   * service of a cloud, whatever name, redirect or notation leads there. To be set where people that are not
   * trusted with the network of the server write workflows or parameters that reach a url.
   *
   * @defaultValue false
   */
  blockPrivateAddresses?: boolean;
}
