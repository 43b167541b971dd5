// node-postgres: one question, asked with whatever proof the environment holds.
'use strict'
const fs = require('node:fs')
const { Client } = require('pg')
const { target } = require('./steps.js')

const { TARGET_CERT: certificate, TARGET_KEY: key } = process.env
const ssl = certificate ? { ...target.ssl, cert: fs.readFileSync(certificate, 'utf8'), key: fs.readFileSync(key, 'utf8') } : target.ssl

async function main () {
  const client = new Client({ ...target, ssl })
  try {
    await client.connect()
    console.log((await client.query("select 'in as ' || current_user as said")).rows[0].said)
  } catch (error) {
    console.error(error.message)
    process.exitCode = 1
  }
  await client.end()
}

main()
