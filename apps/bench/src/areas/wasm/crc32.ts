import { beside, type Figure, plain } from '../../figure.ts';
import { interleave } from '../../measure/interleave.ts';
import { runProgram } from '../../measure/run-program.ts';
import type { ChecksumOptions, ChecksumReport } from '../../programs/wasm/crc32.ts';
import type { Bench, Scenario } from '../../scenario.ts';

const program = import.meta.resolve('../../programs/wasm/crc32.ts');
const sizes = [1, 64, 4096];
const implementations = ['wasm', 'js', 'native'] as const;
const names = { wasm: 'WebAssembly', js: 'JavaScript', native: 'native code' };

/**
 * One pass over a buffer, of which Node has native code (zlib), with the same result. Of `nearest` there is none: no addon is
 * among what Node brings, and one written for this alone would measure its author.
 */
export const checksumScenario: Scenario = {
  name: 'crc32',
  title: 'CRC-32 of a buffer, as a step, in WebAssembly, JavaScript and native code',
  async measure({ core, choose }: Bench): Promise<Figure[]> {
    const milliseconds = choose(500, 100);
    const runs = sizes.flatMap((kib) =>
      implementations.map((implementation) => {
        const options: ChecksumOptions = { implementation, bytes: kib * 1024, milliseconds };
        return [
          `${implementation}.${kib}`,
          () => runProgram<ChecksumReport>(core, program, options),
        ] as const;
      }),
    );
    const samples = await interleave(choose(5, 3), Object.fromEntries(runs));
    const take = (key: keyof ChecksumReport, implementation: string, kib: number): number[] =>
      samples[`${implementation}.${kib}`]!.map((each) => each[key]);
    const first = implementations.map((implementation) =>
      plain(
        {
          id: `wasm.crc32.first.${implementation}`,
          what: `the first call, of 64 KiB in ${names[implementation]}`,
          unit: 'ms',
        },
        take('first', implementation, 64),
      ),
    );
    const later = sizes.flatMap((kib) =>
      (['wasm', 'js'] as const).map((implementation) =>
        beside(
          {
            id: `wasm.crc32.${implementation}.${kib}`,
            what: `${kib.toLocaleString('en')} KiB in ${names[implementation]}`,
            unit: 'ms',
            by: 'ratio',
          },
          take('later', implementation, kib),
          { what: 'the same in native code', values: take('later', 'native', kib) },
        ),
      ),
    );
    return [...first, ...later];
  },
};
