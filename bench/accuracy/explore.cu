// Kernels of explore.py: hard training of layers of gates, several seeds at a time.
// NC candidates a gate input, NWORDS words of 32 samples a batch; both are defined by explore.py.
// Bits are rows of words, 32 samples a word; every array has the seeds as its first dimension.

typedef unsigned int u32;
typedef unsigned char u8;

#define ALL 0xffffffffu
// A candidate this far below the largest logit has no gradient (src/train/pass.ts).
#define REACH 9.0f

// Sum over a group of `width` lanes.
__device__ inline float sumLanes(float v, int width) {
  for (int o = width / 2; o; o >>= 1) v += __shfl_xor_sync(ALL, v, o);
  return v;
}

__device__ inline float maxLanes(float v, int width) {
  for (int o = width / 2; o; o >>= 1) v = fmaxf(v, __shfl_xor_sync(ALL, v, o));
  return v;
}

// Index of the largest value of a group of lanes, the lowest of equals.
__device__ inline int argmaxLanes(float v, int index, int width) {
  for (int o = width / 2; o; o >>= 1) {
    float other = __shfl_xor_sync(ALL, v, o);
    int otherIndex = __shfl_xor_sync(ALL, index, o);
    if (other > v || (other == v && otherIndex < index)) {
      v = other;
      index = otherIndex;
    }
  }
  return index;
}

// Encoder bits of a batch: one warp a pixel and word, lanes are samples. `maps` move pixels; none when `mapCount` is 0.
extern "C" __global__ void encode(const u8 *codes, int pixels, const int *order, long orderStride, const int *step,
                                  int stepsPerEpoch, int useStep, const int *maps, const unsigned short *mapOf,
                                  int mapCount, const int *firstBit, const u8 *thresholds, u32 *bits, long bitStride,
                                  int words, int samples, int channel) {
  int seed = blockIdx.y, warp = (blockIdx.x * blockDim.x + threadIdx.x) >> 5, lane = threadIdx.x & 31;
  int pixel = warp / words, w = warp % words;
  if (pixel >= pixels) return;
  long base = useStep ? (long)(step[0] % stepsPerEpoch) * words * 32 : 0;
  int s = w * 32 + lane;
  bool real = s < samples;
  int sample = real ? order[seed * orderStride + base + s] : 0;
  int source = pixel;
  if (mapCount) {
    int place = pixel % channel;
    source = pixel - place + maps[(long)mapOf[seed * orderStride + base + s] * channel + place];
  }
  int code = codes[(long)sample * pixels + source];
  for (int t = firstBit[pixel]; t < firstBit[pixel + 1]; t++) {
    u32 word = __ballot_sync(ALL, real && code >= thresholds[t]);
    if (lane == 0) bits[seed * bitStride + (long)t * words + w] = word;
  }
}

// One layer forward: one thread a gate and word.
extern "C" __global__ void forward(int gates, int first, u32 *bits, long bitStride, int words, const int *candidates,
                                   const int *chosen, const u8 *function) {
  int seed = blockIdx.y;
  long i = (long)blockIdx.x * blockDim.x + threadIdx.x;
  int g = i / words, w = i % words;
  if (g >= gates) return;
  bits += seed * bitStride;
  candidates += (long)seed * 2 * gates * NC;
  chosen += (long)seed * 2 * gates;
  int a = candidates[(long)g * NC + chosen[g]], b = candidates[(long)(gates + g) * NC + chosen[gates + g]];
  int f = function[(long)seed * gates + g];
  u32 x = bits[(long)a * words + w], y = bits[(long)b * words + w];
  u32 m00 = -((f >> 3) & 1), m01 = -((f >> 2) & 1), m10 = -((f >> 1) & 1), m11 = -(f & 1);
  bits[(long)(first + g) * words + w] = (~x & ((~y & m00) | (y & m01))) | (x & ((~y & m10) | (y & m11)));
}

// Votes counted: one block a class, word and seed. Of each voting layer a class has `votesOf` gates, the first class
// from `firstVote` on.
extern "C" __global__ void count(const u32 *bits, long bitStride, int words, int classes, int layers,
                                 const int *firstVote, const int *votesOf, float *scores, int stride) {
  int cls = blockIdx.x, w = blockIdx.y, seed = blockIdx.z;
  int lane = threadIdx.x & 31, warp = threadIdx.x >> 5, warps = blockDim.x >> 5;
  __shared__ float part[32][33];
  bits += seed * bitStride;
  float sum = 0;
  for (int l = 0; l < layers; l++) {
    int from = firstVote[l] + cls * votesOf[l];
    for (int i = warp; i < votesOf[l]; i += warps) sum += (bits[(long)(from + i) * words + w] >> lane) & 1;
  }
  part[warp][lane] = sum;
  __syncthreads();
  if (warp != 0) return;
  float total = 0;
  for (int i = 0; i < warps; i++) total += part[i][lane];
  scores[((long)seed * classes + cls) * stride + w * 32 + lane] = total;
}

// Scores become the gradient by them: one thread a sample.
extern "C" __global__ void loss(float *scores, int classes, int stride, const int *order, long orderStride,
                                const int *step, int stepsPerEpoch, const u8 *labels, const float *weights,
                                int allSamples, float temperature, float smoothing, float *shares, float *right) {
  int seed = blockIdx.x, s = threadIdx.x;
  scores += (long)seed * classes * stride;
  int sample = order[seed * orderStride + (long)(step[0] % stepsPerEpoch) * stride + s];
  int label = labels[sample], best = 0;
  for (int c = 1; c < classes; c++)
    if (scores[c * stride + s] > scores[best * stride + s]) best = c;
  float top = scores[best * stride + s], sum = 0;
  for (int c = 0; c < classes; c++) sum += expf((scores[c * stride + s] - top) / temperature);
  shares[(long)seed * allSamples + sample] = expf((scores[label * stride + s] - top) / temperature) / sum;
  float weight = weights[(long)seed * allSamples + sample];
  for (int c = 0; c < classes; c++) {
    float p = expf((scores[c * stride + s] - top) / temperature) / sum;
    scores[c * stride + s] = weight * (p - smoothing / classes - (c == label ? 1.0f - smoothing : 0.0f));
  }
  atomicAdd(right + seed, best == label ? 1.0f : 0.0f);
}

// Samples of a split that are classified rightly.
extern "C" __global__ void countRight(const float *scores, int classes, int stride, const int *order, long orderStride,
                                      const u8 *labels, int samples, int *right) {
  int seed = blockIdx.y, s = blockIdx.x * blockDim.x + threadIdx.x;
  if (s >= samples) return;
  scores += (long)seed * classes * stride;
  int best = 0;
  for (int c = 1; c < classes; c++)
    if (scores[(long)c * stride + s] > scores[(long)best * stride + s]) best = c;
  if (best == labels[order[seed * orderStride + s]]) atomicAdd(right + seed, 1);
}

extern "C" __global__ void nextStep(int *step) { step[0]++; }

struct Adam {
  float rate, correct2, kept, beta2;
};

__device__ inline void adamStep(float *p, float *m, float *v, float gradient, const Adam &at, float factor) {
  float first = 0.9f * *m + 0.1f * gradient, second = at.beta2 * *v + (1 - at.beta2) * gradient * gradient;
  *m = first;
  *v = second;
  *p = at.kept * *p - factor * at.rate * first / (sqrtf(at.correct2 * second) + 1e-4f);
}

// 2% of warm-up, then a cosine (src/train/schedule.ts), and Adam's corrections (src/train/adam.ts).
__device__ inline Adam adamAt(int step, int steps, float peak, float decay, float beta2) {
  int warmUp = (int)ceilf(0.02f * steps), rest = max(1, steps - warmUp);
  float rate = step < warmUp ? peak * (step + 1) / warmUp : peak * (1 + cospif((float)(step - warmUp) / rest)) / 2;
  return {rate / (1 - powf(0.9f, step + 1)), 1 / (1 - powf(beta2, step + 1)), 1 - rate * decay, beta2};
}

// One layer backward and its Adam step (src/train/hard.ts): one warp a gate, lanes are samples.
extern "C" __global__ void backward(int gates, int inputs, int nodes, int first, int votesPerClass, int isRead,
                                    const u32 *bits, const int *candidates, float *wire, float *wireM, float *wireV,
                                    float *gate, float *gateM, float *gateV, int *chosen, u8 *function, float *dNodes,
                                    const float *dScores, int classes, const int *step, float peak, int steps,
                                    float decay, float beta2, float gateRate) {
  int seed = blockIdx.y, g = (blockIdx.x * blockDim.x + threadIdx.x) >> 5, lane = threadIdx.x & 31;
  if (g >= gates) return;
  const int batch = NWORDS * 32;
  long wires = (long)seed * 2 * gates * NC, functions = (long)seed * gates * 16;
  bits += (long)seed * nodes * NWORDS;
  candidates += wires, wire += wires, wireM += wires, wireV += wires;
  gate += functions, gateM += functions, gateV += functions;
  chosen += (long)seed * 2 * gates, function += (long)seed * gates;
  dNodes += (long)seed * (nodes - inputs) * batch, dScores += (long)seed * classes * batch;
  Adam at = adamAt(step[0], steps, peak, decay, beta2);

  float d[NWORDS];
#pragma unroll
  for (int w = 0; w < NWORDS; w++) {
    int s = w * 32 + lane;
    d[w] = (votesPerClass ? dScores[g / votesPerClass * batch + s] : 0.0f) +
           (isRead ? dNodes[(long)(first - inputs + g) * batch + s] : 0.0f);
  }

  // The sixteen functions' shares, in both halves of the warp, and the expected table.
  int f = lane & 15;
  float logit = gate[g * 16 + f], e = expf(logit - maxLanes(logit, 16)), p = e / sumLanes(e, 16);
  float t[4];
#pragma unroll
  for (int k = 0; k < 4; k++) t[k] = sumLanes((f >> (3 - k)) & 1 ? p : 0.0f, 16);

  int a = candidates[(long)g * NC + chosen[g]], b = candidates[(long)(gates + g) * NC + chosen[gates + g]];
  float byPattern[4] = {0, 0, 0, 0}, dA[NWORDS], dB[NWORDS];
#pragma unroll
  for (int w = 0; w < NWORDS; w++) {
    int x = (bits[(long)a * NWORDS + w] >> lane) & 1, y = (bits[(long)b * NWORDS + w] >> lane) & 1;
#pragma unroll
    for (int k = 0; k < 4; k++) byPattern[k] += k == 2 * x + y ? d[w] : 0.0f;
    dA[w] = d[w] * (y ? t[3] - t[1] : t[2] - t[0]);
    dB[w] = d[w] * (x ? t[3] - t[2] : t[1] - t[0]);
    if (a >= inputs) atomicAdd(dNodes + (long)(a - inputs) * batch + w * 32 + lane, dA[w]);
    if (b >= inputs) atomicAdd(dNodes + (long)(b - inputs) * batch + w * 32 + lane, dB[w]);
  }
  float ofFunction = 0;
#pragma unroll
  for (int k = 0; k < 4; k++) {
    float sum = sumLanes(byPattern[k], 32);
    if ((f >> (3 - k)) & 1) ofFunction += sum;
  }
  float gradient = p * (ofFunction - sumLanes(p * ofFunction, 16));
  int slot = g * 16 + f;
  if (lane < 16) adamStep(gate + slot, gateM + slot, gateV + slot, gradient, at, gateRate);
  int strongest = argmaxLanes(lane < 16 ? gate[slot] : -1e30f, f, 16);
  if (lane == 0) function[g] = strongest;

  // Sums over the candidates' ones, 32 candidates at a time; of both inputs together if they fit.
  const int rows = 2 * NC, width = NC < 32 ? NC : 32;
  for (int base = 0; base < rows; base += 32) {
    float v[32];
#pragma unroll
    for (int i = 0; i < 32; i++) {
      int row = base + i;
      v[i] = 0;
      if (row < rows) {
        int which = row / NC, node = candidates[(long)(which * gates + g) * NC + row % NC];
#pragma unroll
        for (int w = 0; w < NWORDS; w++)
          v[i] += (bits[(long)node * NWORDS + w] >> lane) & 1 ? (which ? dB[w] : dA[w]) : 0.0f;
      }
    }
    // Reduce and transpose: lane i ends with the sum of row base + i.
#pragma unroll
    for (int o = 16; o; o >>= 1) {
#pragma unroll
      for (int i = 0; i < 32; i++) {
        if (i >= o) continue;
        float keep = lane & o ? v[i + o] : v[i], send = lane & o ? v[i] : v[i + o];
        v[i] = keep + __shfl_xor_sync(ALL, send, o);
      }
    }
    int row = base + lane, which = row / NC, c = row % NC;
    bool real = row < rows;
    long slot = real ? (long)(which * gates + g) * NC + c : 0;
    float logit = real ? wire[slot] : -1e30f, below = maxLanes(logit, width) - logit;
    float e = below < REACH ? expf(-below) : 0.0f, share = e / sumLanes(e, width);
    float mean = sumLanes(share * v[0], width);
    if (real) adamStep(wire + slot, wireM + slot, wireV + slot, share * (v[0] - mean), at, 1);
    int strongest = argmaxLanes(real ? wire[slot] : -1e30f, c, width);
    if (real && c == 0) chosen[which * gates + g] = strongest;
  }
}
