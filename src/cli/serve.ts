import { EXIT, optionsOf, type Verb } from './verb.ts'

export const serveVerb: Verb = {
  name: 'serve',
  summary: 'start the server (what happens without a verb, too)',
  help: `affirmative serve

Starts the server. It takes its settings from the environment, among them

  PORT, HOST      where it listens: 5123, 127.0.0.1
  DATABASE_URL    file:./data/affirmative.db, or
                  postgres://USER:PASSWORD@HOST/NAME

and says at once which of them it cannot use. README.md lists all of them.
SIGTERM and SIGINT stop it within 5 seconds.
`,
  run: async (args, { env }) => {
    optionsOf(args, {})
    // Here and not above: nobody who affirms from a crontab should wait for the server to be read from disk.
    const { serve } = await import('../serve.ts')
    await serve(env)
    return EXIT.done
  },
}
