/* The few functions of MPI that are needed, with MPI_COMM_WORLD and its kin filled in: those are
   macros, which Swift does not import. Errors end the job, MPI's own default. */
#pragma once
#include <mpi.h>
#include <stdlib.h>

/* Starts MPI for a process whose threads leave MPI to the one that calls this. */
static inline void cmpi_start(void) {
  int provided;
  MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &provided);
}

/* The last call of all ranks. */
static inline void cmpi_finish(void) { MPI_Finalize(); }

static inline int cmpi_rank(void) {
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  return rank;
}

static inline int cmpi_size(void) {
  int size;
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  return size;
}

/* Replaces `values` by their sums over all ranks. */
static inline void cmpi_sum(double *values, int count) {
  MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

/* Replaces `values` by their sums over the ranks on this machine. */
static inline void cmpi_sum_on_machine(double *values, int count) {
  MPI_Comm machine;
  MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &machine);
  MPI_Allreduce(MPI_IN_PLACE, values, count, MPI_DOUBLE, MPI_SUM, machine);
  MPI_Comm_free(&machine);
}

/* Replaces `bytes` by those of rank 0. */
static inline void cmpi_broadcast(void *bytes, int count) {
  MPI_Bcast(bytes, count, MPI_BYTE, 0, MPI_COMM_WORLD);
}

/* Ends every rank. */
__attribute__((noreturn)) static inline void cmpi_abort(int code) {
  MPI_Abort(MPI_COMM_WORLD, code);
  exit(code);
}
