/** `explore` was asked for something that it cannot do; nothing has run. */
export class ExploreOptionsError extends TypeError {
  override readonly name = 'ExploreOptionsError';
}

/** A scenario could not be run without a fault, so there is nothing to compare with. */
export class ScenarioFailedError extends Error {
  override readonly name = 'ScenarioFailedError';
  readonly scenario: string;

  constructor(scenario: string, problem: string, options?: ErrorOptions) {
    super(`Scenario "${scenario}", without a fault: ${problem}`, options);
    this.scenario = scenario;
  }
}

/** `observe` threw, or did not tell steps with their counts. */
export class ObserveFailedError extends Error {
  override readonly name = 'ObserveFailedError';
}
