/*
 * EDFlib's side of the oracle: `edf write FILE` writes two signals of 10 Hz for three seconds with two annotations, as EDF+, and
 * `edf write FILE bdf` as BDF+; `edf read FILE` prints what EDFlib makes of a file.
 */
#include <edflib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int write_file(const char *path, int wide) {
  int handle = edfopen_file_writeonly(path, wide ? EDFLIB_FILETYPE_BDFPLUS : EDFLIB_FILETYPE_EDFPLUS, 2);
  if (handle < 0) return 1;
  for (int signal = 0; signal < 2; signal++) {
    edf_set_samplefrequency(handle, signal, 10);
    edf_set_digital_maximum(handle, signal, wide ? 8388607 : 32767);
    edf_set_digital_minimum(handle, signal, wide ? -8388608 : -32768);
    edf_set_physical_maximum(handle, signal, 100);
    edf_set_physical_minimum(handle, signal, -100);
    edf_set_label(handle, signal, signal ? "second" : "first");
    edf_set_physical_dimension(handle, signal, "uV");
  }
  edf_set_startdatetime(handle, 2026, 11, 23, 8, 30, 15);
  for (int record = 0; record < 3; record++) {
    for (int signal = 0; signal < 2; signal++) {
      int samples[10];
      for (int at = 0; at < 10; at++) samples[at] = (record * 10 + at) * (signal ? -997 : 1009) * (wide ? 257 : 1);
      if (edfwrite_digital_samples(handle, samples)) return 1;
    }
  }
  edfwrite_annotation_latin1(handle, 5000, -1, "knock");
  edfwrite_annotation_latin1(handle, 12000, 3000, "horn");
  return edfclose_file(handle);
}

static int read_file(const char *path) {
  struct edf_hdr_struct header;
  int handle;
  if (edfopen_file_readonly(path, &header, EDFLIB_READ_ALL_ANNOTATIONS)) {
    printf("{\"error\":%d}\n", header.filetype);
    return 0;
  }
  handle = header.handle;
  printf("{\"type\":%d,\"start\":\"%04d-%02d-%02dT%02d:%02d:%02d\",\"subsecond\":%lld,\"records\":%lld,\"signals\":[", header.filetype,
         header.startdate_year, header.startdate_month, header.startdate_day, header.starttime_hour, header.starttime_minute,
         header.starttime_second, header.starttime_subsecond, header.datarecords_in_file);
  for (int signal = 0; signal < header.edfsignals; signal++) {
    struct edf_param_struct *param = &header.signalparam[signal];
    int *samples = malloc(sizeof(int) * (size_t)param->smp_in_file);
    edfread_digital_samples(handle, signal, (int)param->smp_in_file, samples);
    printf("%s{\"label\":\"%.*s\",\"unit\":\"%.*s\",\"physical\":[%g,%g],\"samples\":[", signal ? "," : "", (int)strcspn(param->label, " "),
           param->label, (int)strcspn(param->physdimension, " "), param->physdimension, param->phys_min, param->phys_max);
    for (long long at = 0; at < param->smp_in_file; at++) printf("%s%d", at ? "," : "", samples[at]);
    printf("],\"physicalSamples\":[");
    double *values = malloc(sizeof(double) * (size_t)param->smp_in_file);
    edfrewind(handle, signal);
    edfread_physical_samples(handle, signal, (int)param->smp_in_file, values);
    for (long long at = 0; at < param->smp_in_file; at++) printf("%s%.17g", at ? "," : "", values[at]);
    printf("]}");
    free(values);
    free(samples);
  }
  printf("],\"annotations\":[");
  for (long long at = 0; at < header.annotations_in_file; at++) {
    struct edf_annotation_struct note;
    edf_get_annotation(handle, (int)at, &note);
    printf("%s{\"onset\":%lld,\"text\":\"%s\"}", at ? "," : "", note.onset, note.annotation);
  }
  printf("]}\n");
  return edfclose_file(handle);
}

int main(int count, char **words) {
  if (count >= 3 && strcmp(words[1], "read") == 0) return read_file(words[2]);
  if (count >= 3 && strcmp(words[1], "write") == 0) return write_file(words[2], count > 3);
  return 2;
}
