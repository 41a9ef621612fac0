/** Each step takes a moment before its effect, so that one sees the script work. */
export const SCRIPT_SETTINGS: Readonly<Record<string, string>> = {
  PAYMENT_STEP1_DELAY_MS: '60',
  PAYMENT_STEP2_DELAY_MS: '60',
};
