/** A security key that Chromium acts out: it keeps passkeys and says that its holder was asked and present. */

import type { CDPSession, Page } from "playwright-core";

export class SecurityKey {
  private constructor(
    private readonly debuggerOf: CDPSession,
    private readonly id: string,
  ) {}

  static async plugInto(page: Page): Promise<SecurityKey> {
    const debuggerOf = await page.context().newCDPSession(page);
    await debuggerOf.send("WebAuthn.enable");
    const options = {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    } as const;
    const { authenticatorId } = await debuggerOf.send("WebAuthn.addVirtualAuthenticator", { options });
    return new SecurityKey(debuggerOf, authenticatorId);
  }

  async count(): Promise<number> {
    return (await this.debuggerOf.send("WebAuthn.getCredentials", { authenticatorId: this.id })).credentials.length;
  }

  /** Whether its holder touches it when asked. */
  async answers(yes: boolean): Promise<void> {
    await this.debuggerOf.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId: this.id, enabled: yes });
  }

  async unplug(): Promise<void> {
    await this.debuggerOf.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId: this.id });
  }
}
