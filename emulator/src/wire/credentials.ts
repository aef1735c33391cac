/**
 * The one key pair that is known; with a security token it is a temporary one.
 *
 * @public
 */
export interface Credentials {
  /** Default `test`. */
  accessKeyId: string;
  /** Default `test`. */
  accessKeySecret: string;
  /**
   * Requests must carry it where it is set, and must carry none where it is not: in the header `x-acs-security-token`,
   * or in the parameter `SecurityToken` with the older signature.
   */
  securityToken?: string;
}
