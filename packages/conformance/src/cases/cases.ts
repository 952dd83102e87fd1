// The list of all cases, in order. What a case is: ../case.ts. The sections have the numbers under which such suites are
// known, 1 to 13; from 14 on they are our own.
import type { Case } from '../case.ts';
import { answerCases } from './answers.ts';
import { closingCases } from './closing.ts';
import { parameterCases, payloadCases } from './compression.ts';
import { deflateDataCases } from './deflate-data.ts';
import { deflateOfferCases } from './deflate-offers.ts';
import { endCases } from './ends.ts';
import { fragmentationCases, packetCases } from './fragmentation.ts';
import { lengthCases, opcodeCases, pingCases, reservedBitCases } from './framing.ts';
import { requestCases } from './requests.ts';
import { boundCases, maskAndLengthCases } from './strictness.ts';
import { utf8Cases } from './utf8.ts';
import { volumeCases } from './volume.ts';

export interface Section {
  readonly number: string;
  readonly title: string;
}

export const SECTIONS: readonly Section[] = [
  { number: '1', title: 'Lengths' },
  { number: '2', title: 'Ping and pong' },
  { number: '3', title: 'Reserved bits' },
  { number: '4', title: 'Opcodes' },
  { number: '5', title: 'Fragments' },
  { number: '6', title: 'UTF-8' },
  { number: '7', title: 'Closing' },
  { number: '9', title: 'Volume' },
  { number: '10', title: 'Packets' },
  { number: '12', title: 'Compression: kinds of data' },
  { number: '13', title: 'Compression: parameters' },
  { number: '14', title: 'Opening handshake' },
  { number: '15', title: 'Masks, form of lengths' },
  { number: '16', title: 'Bounds' },
  { number: '17', title: 'Compression: forms, faults, offers' },
  { number: '18', title: 'Other ends' },
];

/** Every case for every role. */
export const CASES: readonly Case[] = [
  ...lengthCases(),
  ...pingCases(),
  ...reservedBitCases(),
  ...opcodeCases(),
  ...fragmentationCases(),
  ...utf8Cases(),
  ...closingCases(),
  ...volumeCases(),
  ...packetCases(),
  ...payloadCases(),
  ...parameterCases(),
  ...requestCases(),
  ...answerCases(),
  ...maskAndLengthCases(),
  ...boundCases(),
  ...deflateDataCases(),
  ...deflateOfferCases(),
  ...endCases(),
];
