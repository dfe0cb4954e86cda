/** How a transport to a remote repository is called. `file` is another repository in the workspace. */
export type GitProtocol = 'https' | 'http' | 'ssh' | 'file';

/** What whoever runs the server decides, and no workflow can change. */
export interface GitOptions {
  /**
   * What may be pushed over. `ssh` uses the keys and the agent of the user that the server runs as.
   *
   * @defaultValue `['https', 'ssh', 'file']`
   */
  readonly protocols?: readonly GitProtocol[];
  /**
   * Works in repositories whose own config names programs, such as the filters of Git LFS, and runs these. Without it they are
   * refused: whoever can write `.git/config` would run commands here.
   *
   * @defaultValue false
   */
  readonly trustRepositories?: boolean;
}

export const defaultProtocols: readonly GitProtocol[] = ['https', 'ssh', 'file'];
