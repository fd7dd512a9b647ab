/**
 * Puts message and stack trace of a failure into a payload, so that they are encrypted as everything else. CommonJS,
 * because the SDK loads it by `require`; part of the workflow bundle of workers that encrypt.
 */
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
