#!/bin/sh
# Stands in for gcloud, bq, curl and cargo, by the name it is called by: notes what it is asked in LOG, and answers as a
# project would in which everything is there, but for what ABSENT names.
echo "${0##*/} $*" >>"$LOG"
case "${0##*/} $*" in
  *"$ABSENT"*) exit 1 ;;
  'gcloud auth list'*) echo tester@example.com ;;
  'gcloud auth application-default'*) echo token ;;
  'gcloud services list'*)
    for it in bigquery bigquerystorage cloudkms firestore pubsub storage; do echo "$it.googleapis.com"; done ;;
  curl*) echo "$*" ;;
  'bq ls'*)
    ! grep -q '^cargo' "$LOG" ||
      echo '[{"datasetReference": {"datasetId": "suite_a_stage"}}, {"datasetReference": {"datasetId": "prod"}}]' ;;
  cargo*) exit 101 ;;
esac
