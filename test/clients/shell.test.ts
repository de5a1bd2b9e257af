import { shellDriver } from './shell-driver.ts'
import { passesTheTable } from './table.ts'

// All of it with one shell. The others, and other tools, where they differ: how they read, write and start processes.
passesTheTable(shellDriver('dash', 'curl'))
passesTheTable(shellDriver('bash', 'curl'), ['values', 'run'])
passesTheTable(shellDriver('busybox', 'curl'), ['values', 'run'])
passesTheTable(shellDriver('dash', 'wget'), ['sending', 'trouble'])
passesTheTable(shellDriver('busybox', 'busybox wget'), ['values'])
